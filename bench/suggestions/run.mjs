// `npm run bench:suggestions -- FOLDER [--span 30-70]`: how well categories are suggested, on labelled transactions that
// you have. Each `.csv` of the folder is a household: see households.mjs. Each of its last 30 % of rows (or of another
// span) is predicted from rows of strictly earlier dates. Measures accuracy, not whether people agree with the labels; does
// not measure the app around it, nor budgets whose rules set categories when transactions are imported. Where the
// environment names a model (`OPENAI_…`), it is asked and measured, too: that costs what it costs, up to the cap of a day.
import { parseArgs } from 'node:util';
import { configOfProcess } from '../../dist/src/config-of-process.js';
import { ModelFaultError } from '../../dist/src/suggestions/model/model-fault-error.js';
import { householdsIn } from './households.mjs';
import { measuresOf, predictionsFor } from './measures.mjs';
import { methods } from './methods.mjs';
import { methodWithModel } from './with-model.mjs';

const usage =
  'Say `npm run bench:suggestions -- FOLDER`, with a folder of CSV files: date,payee,notes,amount_cents,account,category.';

async function main() {
  const { folder, span } = readArguments();
  if (folder === undefined || span === undefined) return refuse(usage);
  let households;
  try {
    households = householdsIn(folder);
  } catch (error) {
    return refuse(`${error.message}. ${usage}`);
  }
  if (households.length === 0) return refuse(`${folder} holds no CSV file. ${usage}`);
  const config = configOfProcess();
  if (!config) return 1;
  console.log(
    `Rows from ${span.from * 100} to ${span.to * 100} % of each household, each predicted from strictly earlier dates; all but the last column in %.`,
  );
  console.log(line(heading));
  for (const { name, parts } of households) {
    for (const method of methods) await measure(name, parts, method, span);
  }
  return config.model ? measureModel(methodWithModel(config.model), households, span) : 0;
}

/** After all others, so that nothing is lost where it fails; single accounts were asked about together already. */
async function measureModel(method, households, span) {
  let status = 0;
  try {
    for (const { name, parts, isPart } of households) {
      if (!isPart) await measure(name, parts, method, span);
    }
  } catch (error) {
    if (!(error instanceof ModelFaultError)) throw error;
    status = refuse(`${error.failure.message} ${error.failure.action}`);
  }
  const { questions, tokens } = method.cost();
  console.log(`The model was asked ${questions} questions, which used ${tokens} tokens.`);
  return status;
}

async function measure(name, parts, method, span) {
  const began = performance.now();
  const predictions = [];
  for (const rows of parts) predictions.push(...(await predictionsFor(rows, method, span)));
  const tookMs = performance.now() - began;
  if (predictions.length === 0) return;
  const { rows, coverage, precision, accuracy, coverageAt95, calibrationError, sure, suggested } =
    measuresOf(predictions);
  const percents = [
    ...[coverage, precision, accuracy, coverageAt95, calibrationError],
    ...[sure.coverage, sure.precision, suggested.coverage, suggested.precision],
  ].map((share) => (Number.isNaN(share) ? '-' : (100 * share).toFixed(1)));
  console.log(line([name, method.name, rows, ...percents, Math.round(tookMs)]));
}

const heading = [
  ...['household', 'method', 'rows', 'coverage', 'precision', 'accuracy', 'coverage at 95 % precision'],
  ...['calibration error', 'sure', 'of those right', 'sure or likely', 'of those right', 'ms'],
];

/** A row of a table in Markdown. */
function line(cells) {
  return `| ${cells.join(' | ')} |`;
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { span: { type: 'string', default: '70-100' } },
    });
    const [, from, to] = /^(\d{1,2})-(\d{1,3})$/.exec(values.span) ?? [];
    const isSpan = Number(from) < Number(to) && Number(to) <= 100;
    return {
      folder: positionals.length === 1 ? positionals[0] : undefined,
      span: isSpan ? { from: Number(from) / 100, to: Number(to) / 100 } : undefined,
    };
  } catch {
    return {};
  }
}

function refuse(sentence) {
  console.error(sentence);
  return 1;
}

process.exitCode = await main();
