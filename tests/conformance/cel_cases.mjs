// SPDX-License-Identifier: Apache-2.0
// Writes CEL's conformance cases as lines of JSON for cel_runner, those that the language of weir has something to say
// about. What is left out is counted by reason. Usage: node cel_cases.mjs conformance.js > cases.jsonl
import { pathToFileURL } from "node:url";
import { argv, stdout } from "node:process";

const { tests: root } = await import(pathToFileURL(argv[2]).href);

// Sections that are wholly about something weir has not.
const absent = {
  bindings_ext: "cel.bind()", block_ext: "cel.block()", encoders_ext: "base64", math_ext: "math.*", network_ext: "addresses",
  optionals: "optional values", dynamic: "protobuf messages", enums: "protobuf messages", proto2: "protobuf messages",
  proto2_ext: "protobuf messages", proto3: "protobuf messages", wrappers: "protobuf messages", unknowns: "no cases",
  macros2: "macros with two variables", type_deductions: "deduced types",
};

const zoneName = /\.get\w+\(['"][A-Z]\w+\/\w+['"]\)/;

function reasonToLeaveOut(section, group, test) {
  if (section in absent) return absent[section];
  const text = JSON.stringify(test);
  if (/TestAllTypes|NestedTestAllTypes|protobuf\.(Any|Struct|Value|List|\w+Value)|messageType|StringValue\{|Value\{/.test(text)) return "protobuf messages";
  if (test.container || group === "qualified" || section === "namespace") return "namespaces";
  if (test.checkOnly) return "deduced types";
  if (section === "string_ext" && (/^format/.test(group) || /\.format\(|strings\.quote|\.reverse\(/.test(test.expr))) return "format(), quote(), reverse()";
  if (section === "string_ext" && (group === "value_errors" || group === "type_errors") && /format|quote/.test(test.expr)) return "format(), quote(), reverse()";
  if (zoneName.test(test.expr)) return "names of time zones";
  return "";
}

function bindings(test) {
  const out = {};
  for (const [name, binding] of Object.entries(test.bindings ?? {})) out[name] = binding.value;
  return out;
}

for (const suite of root.suites) {
  for (const group of suite.suites ?? []) {
    for (const entry of group.tests) {
      const test = entry.original;
      const line = { section: suite.name, name: `${suite.name}/${group.name}/${test.name}`, expr: test.expr };
      const left_out = reasonToLeaveOut(suite.name, group.name, test);
      if (left_out !== "") {
        line.left_out = left_out;
      } else {
        line.check = !test.disableCheck;
        line.bindings = bindings(test);
        if (test.evalError || test.anyEvalErrors) line.error = true;
        else line.value = test.typedResult?.result ?? test.value ?? { boolValue: true };
      }
      stdout.write(JSON.stringify(line) + "\n");
    }
  }
}
