# SPDX-License-Identifier: Apache-2.0
"""Apache's own library for Avro, and what it packs blocks with. Without them there is nothing to compare with: that is said, and
told ctest, which counts the test as skipped.
"""
import sys
import warnings

try:
    import avro.codecs
    import avro.datafile
    import avro.errors
    import avro.io
    import avro.schema
except ImportError as missing:
    print(f"skipped: {missing}; deploy/setup.sh puts Apache's library for Avro into build/deps/venv")
    sys.exit(77)

CODECS = ["null", "deflate", "snappy", "zstandard"]
lacking = [codec for codec in CODECS if codec not in avro.codecs.KNOWN_CODECS]
if lacking:
    print(f"skipped: Apache's library for Avro cannot write {', '.join(lacking)} here; deploy/setup.sh installs what it lacks")
    sys.exit(77)

warnings.simplefilter("ignore")  # of logical types that the library hands on as they are
