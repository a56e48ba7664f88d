import { readFileSync } from 'node:fs';
import { parseJobArguments, usage } from './job-command/job-arguments.js';
import { exitCodes, runJob, type Terminal } from './job-command/run-job.js';

/** `npm run job -- sync|suggest|sync-and-suggest`: starts a job on a running server, see `usage`. */

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseJobArguments(args, {
    env: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  if (parsed === 'HELP') {
    console.log(usage);
    return exitCodes.succeeded;
  }
  if ('problem' in parsed) {
    console.error(`${parsed.problem}\n\n${usage}`);
    return exitCodes.badUsage;
  }
  process.once('SIGINT', () => {
    console.error(`\nNo longer waited for; the job goes on: see ${parsed.url}.`);
    process.exit(130);
  });
  return runJob(parsed, process.stderr.isTTY ? rewriting() : plain());
}

/** Each line on its own, without what says the same again. */
function plain(): Terminal {
  let last = '';
  return {
    print: (line) => console.log(line),
    progress: (line) => {
      if (line !== last) console.error(line);
      last = line;
    },
    tell: (line) => console.error(line),
  };
}

const usualWidth = 80;

function rewriting(): Terminal {
  const { stderr } = process;
  const fresh = '\r\u001b[2K';
  process.once('exit', () => stderr.write('\n'));
  return {
    print: (line) => console.log(line),
    // A terminal need not say how wide it is.
    progress: (line) => stderr.write(`${fresh}${line.slice(0, (stderr.columns || usualWidth) - 1)}`),
    tell: (line) => stderr.write(`${fresh}${line}`),
  };
}
