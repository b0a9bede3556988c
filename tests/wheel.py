"""Builds the wheel, installs it in an empty environment, asks for the sign-in page and a file."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASK = """
import os, re, sys, tempfile
os.chdir(tempfile.mkdtemp())
os.environ["PORTAL_HOME"] = tempfile.mkdtemp()
from portal import paths
assert paths.ROOT == paths.PACKAGE, paths.ROOT
from portal.app import create_app
from portal.migrations import runner
app = create_app()
with app.app_context():
    runner.upgrade()
client = app.test_client()
page = client.get("/sign-in")
assert page.status_code == 200
style = client.get(re.search('href="(/static/css/portal.css[?]v=[^"]+)"', page.text)[1])
assert style.status_code == 200 and "immutable" in style.headers["Cache-Control"]
from portal.handbook import contents
assert len(contents.parts()) == 4 and contents.pictures()
assert all(topic.languages() for topic in contents.topics())
print("the wheel serves")
"""


def main() -> int:
    """Zero if the installed wheel serves."""
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        subprocess.run(build, cwd=ROOT, check=True)
        wheel = next(Path(folder).glob("*.whl"))
        home = Path(folder) / "venv"
        venv.create(home, with_pip=True)
        python = home / "bin" / "python"
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        lock = ["--require-hashes", "-r", str(ROOT / "requirements/run.txt")]
        subprocess.run([*pip, *lock], check=True)
        subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
        return subprocess.run([str(python), "-c", ASK], cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
