// Pyodide in node, while the book is built.
//   node compile_in_pyodide.mjs PYODIDE FOLDER: FOLDER has sources, and gets the zips
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const COMPILE = `
import sys
from pathlib import Path
sys.path.insert(0, "/folder")
import compiling, sample_requests
others = sorted(str(x) for x in Path("/folder").glob("*.whl"))
zips = compiling.build("/folder/own.zip", others, "/lib/python314.zip", sample_requests.ask_some)
for name, content in zips.items():
    Path("/folder", name).write_bytes(content)
`;

const [pyodide, folder] = process.argv.slice(2).map((path) => resolve(path));

async function compile() {
  const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
  const { info } = JSON.parse(readFileSync(`${pyodide}/pyodide-lock.json`, "utf8"));
  const engine = await loadPyodide({
    indexURL: `${pyodide}/`,
    packageBaseUrl: `${pyodide}/`,
    lockFileContents: JSON.stringify({ info, packages: {} }),
    env: { PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" },
  });
  engine.mountNodeFS("/folder", folder);
  engine.runPython(COMPILE);
}

try {
  await compile();
} catch (error) {
  // Node would print the line of the error, and a line of Pyodide is a megabyte.
  console.error(String(error?.message ?? error).slice(0, 4000));
  process.exitCode = 1;
}
