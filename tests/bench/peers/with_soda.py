# SPDX-License-Identifier: Apache-2.0
"""The twenty rules of rules20.yml as a contract of Soda Core over DuckDB (orders.soda.yml): with_soda.py FILE THREADS

A view of the file instead of a table: Soda asks all of these checks in one query.
"""

import os
import sys

os.environ["SODA_CORE_TELEMETRY_ENABLED"] = "false"

from soda_core.contracts import verify_contract_locally  # noqa: E402
from soda_duckdb import DuckDBDataSource  # noqa: E402

from orders import say  # noqa: E402
from with_duckdb import connect, reading  # noqa: E402

CONTRACT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "orders.soda.yml")


def main(path, threads):
    database = connect(threads)
    database.execute(f"CREATE VIEW orders AS SELECT * FROM {reading(path)}")
    session = verify_contract_locally(data_sources=[DuckDBDataSource.from_existing_cursor(database, "duckdb")],
                                      contract_file_path=CONTRACT, publish=False)
    if session.has_errors:
        sys.exit(session.get_errors_str())
    say({result.check.name: result.threshold_value for result in session.contract_verification_results[0].check_results})


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
