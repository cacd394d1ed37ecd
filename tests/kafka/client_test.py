# SPDX-License-Identifier: Apache-2.0
"""src/kafka against a real broker: the cases of test_kafka that are tagged [broker] and [secured]. They ask for what they need of
the cluster as Python expressions, over a pipe."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cluster import Cluster

# Beside weir in the same build folder, unless $TEST_KAFKA says where.
PROGRAM = os.environ.get("TEST_KAFKA") or os.path.join(os.path.dirname(os.environ.get("WEIR", "build/release/weir")), "tests", "test_kafka")


def run(which, kafka):
    """Runs test cases and answers what they ask until they are done."""
    ask_in, ask_out = os.pipe()
    answer_in, answer_out = os.pipe()
    told = {"WEIR_TEST_ASK": str(ask_out), "WEIR_TEST_ANSWER": str(answer_in)}
    test = subprocess.Popen([PROGRAM, which, "--durations", "yes"], env=os.environ | told, pass_fds=(ask_out, answer_in))
    os.close(ask_out)
    os.close(answer_in)
    names = {"kafka": kafka}
    with os.fdopen(ask_in, encoding="utf-8") as questions, os.fdopen(answer_out, "w", encoding="utf-8") as answers:
        for question in questions:
            try:
                answer = repr(eval(question, names))  # pylint: disable=eval-used  # what our own test says
            except Exception as fault:  # the test shows it
                answer = f"!{type(fault).__name__}: {fault}".replace("\n", " ")
            print(answer, file=answers, flush=True)
    return test.wait()


# client_test.py [secured] '*password*': the cases of one kind of cluster whose name matches.
tag = sys.argv[1] if len(sys.argv) > 1 else ""
names = sys.argv[2] if len(sys.argv) > 2 else ""
failed = 0
for kind, options in (("[broker]", {"relayed": True}), ("[secured]", {"sasl": True, "tls": True, "acl": True})):
    if tag in ("", kind):
        with Cluster(**options) as cluster:
            failed |= run(names + kind, cluster)
sys.exit(1 if failed else 0)
