// A web worker with the engine in it.

const SNAPSHOTS = new URL("snapshots.js", import.meta.url).href;
const HANGS = 15_000; // milliseconds; to wake takes one second on a slow phone

/**
 * Starts the worker of some settings; `hear(data)` is called with what it says, and with
 * {failed} where it cannot be started. A spare one may make a snapshot. One that hangs in a
 * snapshot is started anew, without it. Returns two calls: post(message), and end().
 */
export function startWorker({ scripts, engine, manifest }, hear, isSpare) {
  const address = URL.createObjectURL(new Blob(scripts, { type: "text/javascript" }));
  let worker, watch;
  const begin = () => {
    // Pyodide runs in module workers only; in others a policy makes it take them for one.
    worker = new Worker(address, { type: "module" });
    worker.onmessage = ({ data }) => {
      clearTimeout(watch);
      if (data.wakes) watch = setTimeout(again, HANGS);
      hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      hear({ failed: event.message || "the worker could not be started" });
    };
    worker.postMessage({ id: -1, engine, files: manifest, snapshots: SNAPSHOTS, isSpare });
  };
  const again = async () => {
    worker.terminate();
    await (await import(SNAPSHOTS)).forget();
    begin();
  };
  begin();
  return {
    post: (message) => worker.postMessage(message),
    end: () => {
      clearTimeout(watch);
      worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}
