# SPDX-License-Identifier: Apache-2.0
"""Whether events are what OpenLineage's own Python client takes for events: its classes are made from the published schemas, and
each of them names the version of its schema. $OPENLINEAGE_SPEC, a folder with those schemas (spec/ of OpenLineage's repository),
has the events held against them as well, by `weir check` with `json_schema`."""
import glob
import importlib
import json
import os
import pkgutil
import types
import typing

import attr
from dateutil import parser
from openlineage.client import generated
from openlineage.client.generated import base

from weir_process import run

CLASSES = {}
for module in pkgutil.iter_modules(generated.__path__):
    found = importlib.import_module(f"openlineage.client.generated.{module.name}")
    CLASSES.update({name: kind for name, kind in vars(found).items() if attr.has(kind)})

# Where which kind of facet stands, by the path to it.
KINDS = {"run": base.RunFacet, "job": base.JobFacet, "facets": base.DatasetFacet, "inputFacets": base.InputDatasetFacet}


def faults_of(event):
    """What is wrong with an event, in words."""
    faults = []
    made(event, base.RunEvent, "event", faults)
    if event.get("schemaURL") != base.RunEvent._get_schema():
        faults.append(f"schemaURL is {event.get('schemaURL')}")
    for place, holder in (("run", event["run"]), ("job", event["job"])):
        facets(holder.get("facets", {}), KINDS[place], place, faults)
    for dataset in event["inputs"] + event["outputs"]:
        facets(dataset.get("facets", {}), KINDS["facets"], "dataset", faults)
    for dataset in event["inputs"]:
        facets(dataset.get("inputFacets", {}), KINDS["inputFacets"], "input", faults)
    times = event["run"]["facets"]["nominalTime"]
    if not parser.isoparse(times["nominalStartTime"]) < parser.isoparse(times["nominalEndTime"]):
        faults.append(f"nominalTime is {times}")
    return faults


def facets(found, kind, place, faults):
    for name, facet in found.items():
        where = f"{place}.{name}"
        cls = CLASSES.get(facet.get("_schemaURL", "").rpartition("/")[2])
        if cls is None or not issubclass(cls, kind):
            faults.append(f"{where}: {facet.get('_schemaURL')} is no facet for this place")
            continue
        if cls._get_schema() != facet["_schemaURL"]:
            faults.append(f"{where}: {facet['_schemaURL']}, and the client has {cls._get_schema()}")
        if not facet.get("_producer"):
            faults.append(f"{where}: no producer")
        made({k: v for k, v in facet.items() if k not in ("_producer", "_schemaURL")}, cls, where, faults)


def made(value, cls, where, faults):
    """Makes the object, so that the client's own validators look at it; None where that cannot be."""
    hints = typing.get_type_hints(cls)
    fields = {field.name: field for field in attr.fields(cls)}
    for name in value:
        if name not in fields:
            faults.append(f"{where}: unknown `{name}`")
    for name, field in fields.items():
        if name in value and field.init:
            fits(value[name], hints[name], f"{where}.{name}", faults)
        elif field.default is attr.NOTHING and name not in value:
            faults.append(f"{where}: `{name}` is missing")
    try:
        cls(**{name: value[name] for name, field in fields.items() if name in value and field.init and not name.startswith("_")})
    except (TypeError, ValueError) as fault:
        faults.append(f"{where}: {fault}")


def fits(value, hint, where, faults):
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        hint = next(one for one in arguments if one is not type(None))
        fits(value, hint, where, faults)
    elif origin is list:
        if not isinstance(value, list):
            faults.append(f"{where}: no list")
            return
        for number, item in enumerate(value):
            fits(item, arguments[0], f"{where}[{number}]", faults)
    elif origin is dict:
        if not isinstance(value, dict):
            faults.append(f"{where}: no object")
            return
        if not (isinstance(arguments[1], type) and issubclass(arguments[1], base.BaseFacet)):
            for name, item in value.items():
                fits(item, arguments[1], f"{where}.{name}", faults)
    elif hint is typing.Any:
        pass
    elif isinstance(hint, type) and issubclass(hint, base.EventType):
        if value not in [one.value for one in base.EventType]:
            faults.append(f"{where}: {value!r}")
    elif attr.has(hint):
        made(value, hint, where, faults)
    elif hint is float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            faults.append(f"{where}: {value!r} is no number")
    elif not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        faults.append(f"{where}: {value!r} is no {hint.__name__}")


def schema_faults(events, folder):
    """The same by the published schemas, with the words of `weir check`; None where they are not there."""
    spec = os.environ.get("OPENLINEAGE_SPEC", "")
    files = [os.path.join(spec, "OpenLineage.json"), *sorted(glob.glob(os.path.join(spec, "facets", "*.json")))]
    if not os.path.isfile(files[0]):
        return None
    ids = {}
    for path in files:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        if "required" not in document:  # of an event; a facet that has to be there is none that may be
            ids[os.path.basename(path)[:-5]] = document["$id"]
        with open(os.path.join(folder, os.path.basename(path)), "w", encoding="utf-8") as file:
            json.dump(document, file)
    # The root of a facet's schema says under which key the facet stands.
    at = {kind: {"allOf": [{"$ref": id} for name, id in ids.items() if name.endswith(ending)]}
          for kind, ending in (("run", "RunFacet"), ("job", "JobFacet"), ("dataset", "DatasetFacet"))}
    # What ends with InputDatasetFacet ends with DatasetFacet, too; a facet of assertions is one of inputs in spite of its name.
    dataset = {"type": "object", "properties": {"facets": at["dataset"], "inputFacets": at["dataset"]}}
    with open(os.path.join(folder, "event.schema.json"), "w", encoding="utf-8") as file:
        json.dump({"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://weir.example/event",
                   "allOf": [{"$ref": ids["OpenLineage"] + "#/$defs/RunEvent"}],
                   "properties": {"run": {"properties": {"facets": at["run"]}}, "job": {"properties": {"facets": at["job"]}},
                                  "inputs": {"items": dataset}, "outputs": {"items": dataset}}}, file)
    names = ", ".join(["event.schema.json", *(os.path.basename(path) for path in files)])
    with open(os.path.join(folder, "events.rules.yml"), "w", encoding="utf-8") as file:
        file.write(f"weir: 1\nrecords:\n  - {{id: published, json_schema: {{file: [{names}], formats: true}}}}\n")
    with open(os.path.join(folder, "events.ndjson"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)
    ran = run("check", "events.ndjson", "--rules", "events.rules.yml", cwd=folder)
    return "" if ran.exit == 0 else (ran.out + ran.err).decode()
