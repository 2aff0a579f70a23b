// A web worker with the engine in it.

const SNAPSHOTS = new URL("snapshots.js", import.meta.url).href;

/**
 * Starts the worker of some settings; `hear(data)` is called with what it says, and with
 * {failed} where it cannot be started. A spare one may make a snapshot. Returns its two
 * calls: post(message), and end().
 */
export function startWorker({ scripts, engine, manifest }, hear, isSpare) {
  const address = URL.createObjectURL(new Blob(scripts, { type: "text/javascript" }));
  // Pyodide runs in module workers only; in others a policy makes it take them for one.
  const worker = new Worker(address, { type: "module" });
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault();
    hear({ failed: event.message || "the worker could not be started" });
  };
  worker.postMessage({ id: -1, engine, files: manifest, snapshots: SNAPSHOTS, isSpare });
  return {
    post: (message) => worker.postMessage(message),
    end: () => {
      worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}
