// `npm start`: builds what is stale, then becomes the server: one process, so that Ctrl-C and SIGTERM reach it.
import { constants } from 'node:os';
import { build, BuildError } from './build.mjs';

const stop = new AbortController();
const onSignal = (signal) => stop.abort(signal);
process.once('SIGINT', onSignal).once('SIGTERM', onSignal);

if (await isReady()) {
  process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  await import('../dist/src/main.js');
}

async function isReady() {
  try {
    await build({
      signal: stop.signal,
      onBuild: () => console.log('Building what has changed, this takes some seconds ...'),
    });
    await checkNativeModule();
    stop.signal.throwIfAborted();
    return true;
  } catch (error) {
    if (stop.signal.aborted) {
      process.exitCode = 128 + constants.signals[stop.signal.reason];
    } else if (error instanceof BuildError) {
      console.error(error.message);
      process.exitCode = 1;
    } else {
      throw error;
    }
    return false;
  }
}

/** npm 12 installs without running install scripts; the module then loads and fails only when it is used. */
async function checkNativeModule() {
  try {
    const { default: Database } = await import('better-sqlite3');
    new Database(':memory:').close();
  } catch {
    throw new BuildError(
      'The SQLite module (better-sqlite3) is not compiled for this Node: run `npm ci` with install scripts ' +
        'allowed, or `npm rebuild better-sqlite3`.',
    );
  }
}
