// The book as a plain host serves it: files with their types, and nothing else.
import { createServer } from "node:http";
import { createReadStream, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { Transform } from "node:stream";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript",
  ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm",
  ".svg": "image/svg+xml", ".png": "image/png", ".woff": "font/woff", ".woff2": "font/woff2",
  ".xml": "application/xml", ".zip": "application/zip", ".ipynb": "application/json",
};

// What lets this many bytes through in a second.
const throttle = (rate) => new Transform({
  transform(chunk, _, done) {
    setTimeout(() => done(null, chunk), (chunk.length / rate) * 1000);
  },
});

// A server of a folder: its address, what it was asked for, and how to stop it. With a rate it
// sends each file at so many bytes in a second.
export const serve = async (folder, rate = null) => {
  const asked = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    asked.push(path);
    const file = join(folder, normalize(path.endsWith("/") ? `${path}index.html` : path));
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      "Content-Length": statSync(file).size,
      "Cache-Control": "max-age=600",
    });
    const sent = createReadStream(file);
    (rate ? sent.pipe(throttle(rate)) : sent).pipe(response);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { address: `http://127.0.0.1:${server.address().port}`, asked, stop: () => server.close() };
};
