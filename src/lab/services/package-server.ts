import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join, normalize } from 'node:path';

const filePath = (folder: string, url: string): string | undefined => {
  const path = normalize(decodeURIComponent(new URL(url, 'http://lab').pathname));
  return path.startsWith('/') && !path.includes('\0') ? join(folder, path) : undefined;
};

const send = async (folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const path = filePath(folder, request.url ?? '/');
  const info = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || info?.isFile() !== true) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-length': info.size,
    'content-type': 'application/octet-stream',
    'last-modified': info.mtime.toUTCString(),
  });
  if (request.method === 'HEAD') response.end();
  else createReadStream(path).pipe(response);
};

/** Serves the files of the package repository over plain HTTP, as a mirror does. */
export const servePackages = (address: string, folder: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      send(folder, request, response).catch(() => response.destroy());
    });
    server.once('error', reject);
    server.listen(80, address, () => resolve());
  });
