# SPDX-License-Identifier: Apache-2.0
"""Makes the pictures of docs/pictures from the page of a real `weir demo`, while what its story breaks is broken:
   WEIR=build/release/weir build/deps/venv/bin/python tests/web/pictures.py [FOLDER]"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from playwright.sync_api import sync_playwright

WEIR = os.environ.get("WEIR", "build/release/weir")
FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures")
LARGEST = 150_000
PATIENCE = 240  # seconds: the story comes round in less

# Name, what of the page, size, colours, and what has to be there to be seen.
PICTURES = [
    ("status-page", "", (1200, 720), "light", "document.querySelector('.mini') && document.querySelectorAll('#view .card').length >= 3 && document.querySelector('.strip')"),
    ("status-page-drift", "#/drift", (1200, 720), "dark", "document.querySelector('.apart .card.fail .pair')"),
    ("status-page-phone", "", (360, 780), "light", "document.querySelectorAll('#view .card').length >= 2 && document.querySelector('.strip')"),
]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    demo = subprocess.Popen([WEIR, "demo", "--web.listen", "127.0.0.1:0", "--color", "never"], stdout=subprocess.PIPE, text=True)
    try:
        url = next(found[1] for found in (re.search(r"its page is (http://\S+)", line) for line in demo.stdout) if found)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"])
            pages = []
            for name, view, (width, height), scheme, there in PICTURES:
                context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
                page = context.new_page()
                page.goto(f"{url}/{view}")
                pages.append((name, page, there))
            time.sleep(75)  # the story was told once: there is a past to see
            for name, page, there in pages:
                page.bring_to_front()
                end = time.monotonic() + PATIENCE
                while not page.evaluate(f"Boolean({there})"):
                    assert time.monotonic() < end, f"{name}: never: {there}"
                    page.wait_for_timeout(250)
                picture = FOLDER / f"{name}.png"
                page.screenshot(path=str(picture))
                print(f"{picture}: {picture.stat().st_size:,} bytes")
                assert picture.stat().st_size <= LARGEST, picture
            browser.close()
    finally:
        demo.terminate()
        demo.wait(timeout=30)


if __name__ == "__main__":
    main()
