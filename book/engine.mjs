// Pyodide in node, while the book is built and tried.
//   node engine.mjs compile PYODIDE FOLDER: FOLDER has sources, and gets engine.zip
//   node engine.mjs try ENGINE REHEARSAL: load what was built as a worker does, and ask
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";

const COMPILE = `
import sys
from pathlib import Path
sys.path.insert(0, "/folder")
import compiling, rehearsal
others = sorted(str(x) for x in Path("/folder").glob("*.whl"))
compiling.build("/folder/own.zip", others, "/lib/python314.zip", rehearsal.rehearse)
`;

async function python(folder, options = {}) {
  const from = `${resolve(folder)}/`;
  const { loadPyodide } = await import(pathToFileURL(`${from}pyodide.mjs`));
  const { info } = JSON.parse(readFileSync(`${from}pyodide-lock.json`, "utf8"));
  const lockFileContents = JSON.stringify({ info, packages: {} });
  return loadPyodide({ indexURL: from, packageBaseUrl: from, lockFileContents, ...options });
}

async function compile(pyodide, folder) {
  const env = { PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" };
  const engine = await python(pyodide, { env });
  engine.mountNodeFS("/folder", resolve(folder));
  writeFileSync(`${folder}/engine.zip`, engine.runPython(COMPILE).toJs());
}

async function attempt(folder, rehearsal) {
  const start = performance.now();
  const engine = await python(folder, { stdLibURL: `${resolve(folder)}/engine.zip` });
  const { answer } = engine.pyimport("book.desk");
  const ready = (performance.now() - start) / 1000;
  engine.mountNodeFS("/rehearsal", resolve(dirname(rehearsal)));
  engine.runPython("import sys; sys.path.insert(0, '/rehearsal')");
  const requests = engine.pyimport("rehearsal").requests().toJs();
  const seconds = {};
  const wrong = [];
  for (const [expected, request] of requests) {
    const from = performance.now();
    const given = JSON.parse(answer(request));
    const { ask } = JSON.parse(request);
    (seconds[ask] ??= []).push((performance.now() - from) / 1000);
    if (!(expected in given) && given.verdict !== expected) {
      wrong.push({ request, expected, given });
    }
  }
  const times = Object.entries(seconds).map(([ask, all]) => {
    all.sort((a, b) => a - b);
    const at = (share) => all[Math.floor(share * (all.length - 1))].toFixed(3);
    return `${ask}: ${all.length}, median ${at(0.5)} s, 95 % in ${at(0.95)} s, most ${at(1)} s`;
  });
  console.log([`ready in ${ready.toFixed(2)} s`, ...times].join("\n"));
  for (const one of wrong) console.error(JSON.stringify(one));
  process.exitCode = wrong.length ? 1 : 0;
}

try {
  await { compile, try: attempt }[process.argv[2]](...process.argv.slice(3));
} catch (error) {
  // Node would print the line of the error, and a line of Pyodide is a megabyte.
  console.error(String(error?.message ?? error).slice(0, 4000));
  process.exitCode = 1;
}
