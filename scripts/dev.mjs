// `npm run dev`: compiles the server and the page on every change and starts the server again. Ctrl-C ends it all.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build, BuildError } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (path) => `node_modules/${path}`;

try {
  // The server cannot start before there is something compiled.
  await build({ onBuild: () => console.log('Building what has changed, this takes some seconds ...') });
} catch (error) {
  // The watchers report it again, and go on as soon as it is corrected.
  if (!(error instanceof BuildError)) throw error;
}

const processes = [
  [bin('typescript/bin/tsc'), '-p', '.', '--watch', '--preserveWatchOutput'],
  [bin('vite/bin/vite.js'), 'build', '--watch', '--logLevel', 'warn'],
  ['--watch', '--watch-preserve-output', 'dist/src/main.js'],
  // Groups of their own: a terminal's Ctrl-C then reaches only this process, which ends each of them once.
].map((args) =>
  spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: true }),
);

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, endAll);
for (const child of processes) child.on('exit', endAll);

function endAll() {
  for (const { pid, exitCode, signalCode } of processes) {
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGTERM');
  }
}
