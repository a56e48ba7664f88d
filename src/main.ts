import { startApp, type App } from './app.js';
import { configOfProcess } from './config-of-process.js';
import type { Config } from './config.js';
import { openLog } from './server/open-log.js';
import { startFailure } from './start-failure.js';

/**
 * The process: reads the environment, starts everything, speaks to the terminal, ends on a signal. Its own
 * words go to standard output, the log goes to standard error.
 */

/** How long nothing is said about a server that is not ready yet, at first and then again, milliseconds. */
const patienceMs = 1_500;
const sayAgainMs = 10_000;

/** What everything but running steps may take to end, milliseconds. */
const endingMs = 2_500;

// What jobs know of a budget is nobody else's, also in a folder that was there before.
process.umask(0o077);
await main();

async function main(): Promise<void> {
  const config = configOfProcess();
  if (!config) {
    process.exitCode = 1;
    return;
  }
  const log = await openLog({ level: config.logLevel });
  const stopped = signalled();
  try {
    if (!config.actualServer) console.log('Starting the demo ...');
    const app = await startApp(config, log);
    const ending = new AbortController();
    void sayWhenReady(app, config, ending.signal);
    try {
      const signal = await Promise.race([stopped, app.mustEnd]);
      if (signal === 'SIGTERM') await letStepsEnd(app, config);
      console.log(`\n${signal}: ending. Running jobs go on after the next start.`);
    } finally {
      ending.abort();
      setTimeout(() => process.exit(1), config.stepStopGraceMs + endingMs).unref();
      await app.close();
    }
  } catch (error) {
    const sentence = startFailure(error, config);
    if (sentence === undefined) log.fatal({ err: error }, 'Actual Jobs could not go on');
    console.error(
      sentence ?? 'Actual Jobs ended because of an error that it does not know; the log above has it.',
    );
    process.exitCode = 1;
  }
  // A listener for signals would be all that is left.
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
}

/** Who replaces a server has time; who presses Ctrl-C has not. */
async function letStepsEnd(app: App, { shutdownGraceMs }: Config): Promise<void> {
  if (app.runningSteps === 0) return;
  console.log(
    `\nSIGTERM: waiting for steps that run (${app.runningSteps}), ${shutdownGraceMs / 1_000} s at most. A second signal ends it at once.`,
  );
  await Promise.race([app.drain(shutdownGraceMs), app.mustEnd]);
}

/** Where it cannot become ready it goes on, to answer what it can and to say why to whoever asks. */
async function sayWhenReady(app: App, config: Config, ending: AbortSignal): Promise<void> {
  let said: string | undefined;
  const sayWhy = () => {
    const reason = app.waitsFor ?? 'It has a long log to read.';
    if (reason !== said) console.log(`Actual Jobs listens at ${app.url} and is not ready yet: ${reason}`);
    said = reason;
    timer = setTimeout(sayWhy, sayAgainMs);
  };
  let timer = setTimeout(sayWhy, patienceMs);
  try {
    await app.ready;
    welcome(app, config);
  } catch (error) {
    if (ending.aborted) return;
    const sentence = startFailure(error, config) ?? 'the log has the reason.';
    console.error(`Actual Jobs listens at ${app.url} and cannot become ready: ${sentence}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves with the first signal to end; the second one ends the process at once. */
function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals: NodeJS.Signals[] = [];
    const onSignal = (signal: NodeJS.Signals) => {
      if (signals.push(signal) > 1) process.exit(1);
      resolve(signal);
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });
}

function welcome({ url, isDemo }: App, { actualServer, model }: Config): void {
  console.log(`Actual Jobs is ready at ${url} (GraphQL at ${url}/graphql, playground at ${url}/playground)`);
  if (isDemo) {
    console.log(
      'This is a demo with a budget of its own, into which "another device" writes now and then. To connect\n' +
        'your own server, set ACTUAL_SERVER_URL, ACTUAL_PASSWORD and ACTUAL_SYNC_ID: see the README.',
    );
  } else if (actualServer) {
    console.log(`Connected budgets: ${actualServer.syncIds.length}. Ctrl-C ends the server.`);
  }
  if (model) {
    console.log(`What history is not sure of is asked ${model.name} at ${model.baseUrl ?? 'OpenAI'}.`);
  }
}
