// Builds the server (tsc) and the page (vite) into dist/. `npm run build` builds both; `--stale` and importers
// build only what has changed since it was built, which costs some milliseconds where nothing has.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * `inputs`: files and folders; a change of any content, name or number makes the target stale.
 * `without`: a folder inside of them that belongs to another target.
 */
const targets = [
  {
    name: 'server',
    tool: 'node_modules/typescript/bin/tsc',
    args: ['-p', '.'],
    inputs: ['src', 'schema', 'projections', 'tsconfig.json', 'package-lock.json'],
    without: 'src/ui',
    output: 'dist/src/main.js',
  },
  {
    name: 'page',
    tool: 'node_modules/vite/bin/vite.js',
    args: ['build', '--logLevel', 'warn'],
    inputs: ['src/ui', 'schema/examples.graphql', 'vite.config.ts', 'package-lock.json'],
    output: 'dist/ui/index.html',
  },
];

/** What the builder should tell the user; the tool's own messages stand above it. */
export class BuildError extends Error {
  name = 'BuildError';
}

/**
 * Rejects with a BuildError, or with an AbortError once `signal` is aborted and the tools have ended.
 * @param {{ all?: boolean, signal?: AbortSignal, onBuild?: (names: string[]) => void }} [options]
 */
export async function build({ all = false, signal, onBuild } = {}) {
  const stale = targets.filter((target) => all || !isFresh(target));
  if (stale.length === 0) return;
  onBuild?.(stale.map((target) => target.name));
  const results = await Promise.allSettled(stale.map((target) => buildTarget(target, signal)));
  signal?.throwIfAborted();
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function buildTarget(target, signal) {
  const tool = join(root, target.tool);
  if (!existsSync(tool)) throw new BuildError('The dependencies are not installed: run `npm ci` first.');
  // Of now, so that a file that is saved while the tool runs makes the target stale again.
  const stamp = hashOf(target);
  rmSync(stampOf(target), { force: true });
  const { code, text } = await run(process.execPath, [tool, ...target.args], signal);
  if (code !== 0) {
    process.stderr.write(text);
    throw new BuildError(`The ${target.name} could not be built: correct what is reported above.`);
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampOf(target), stamp);
}

/** Resolves when the process has ended, with all that it wrote. */
function run(command, args, signal) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    }
    child.on('error', (error) => {
      if (error.name !== 'AbortError') reject(error);
    });
    child.on('close', (code) => resolve({ code, text }));
  });
}

function isFresh(target) {
  return (
    existsSync(join(root, target.output)) &&
    existsSync(stampOf(target)) &&
    readFileSync(stampOf(target), 'utf8') === hashOf(target)
  );
}

const stampOf = (target) => join(root, 'dist', `${target.name}.stamp`);

function hashOf(target) {
  const hash = createHash('sha256');
  for (const path of target.inputs.flatMap(filesOf)) {
    if (target.without && path.startsWith(`${target.without}/`)) continue;
    hash.update(`${path}\0`).update(
      createHash('sha256')
        .update(readFileSync(join(root, path)))
        .digest(),
    );
  }
  return hash.digest('hex');
}

/** Relative to the root, in an order that is the same everywhere. */
function filesOf(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await build({
      all: !process.argv.includes('--stale'),
      onBuild: (names) => console.log(`Building the ${names.join(' and the ')} ...`),
    });
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
