const bins = 10;
const wantedPrecision = 0.95;

/**
 * Predicts each row from rows of strictly earlier dates: those of the part of a household that begins at `from` and ends
 * at `to` (shares of its rows, from 0 to 1).
 *
 * @returns {Promise<readonly ({ confidence: number, isRight: boolean } | null)[]>} one for each row; null: no prediction
 */
export async function predictionsFor(rows, method, { from, to }) {
  const [begin, end] = [Math.floor(rows.length * from), Math.floor(rows.length * to)];
  const categoryIds = [...new Set(rows.map(({ categoryId }) => categoryId))].sort();
  const model = method.create(categoryIds);
  const predictions = [];
  for (let start = 0; start < end;) {
    const day = dayAt(rows, start);
    const asked = day.filter((_row, index) => start + index >= begin && start + index < end);
    const predicted = asked.length === 0 ? [] : await model.predict(asked);
    for (const [index, { categoryId }] of asked.entries()) {
      const each = predicted[index];
      predictions.push(each && { confidence: each.confidence, isRight: each.categoryId === categoryId });
    }
    model.learn(day);
    start += day.length;
  }
  return predictions;
}

function dayAt(rows, start) {
  let end = start + 1;
  while (end < rows.length && rows[end].date === rows[start].date) end++;
  return rows.slice(start, end);
}

/** @param {readonly ({ confidence: number, isRight: boolean } | null)[]} predictions null: none was made */
export function measuresOf(predictions) {
  const made = predictions.filter((each) => each !== null);
  const sure = made.filter(({ confidence }) => confidence >= 0.95);
  const suggested = made.filter(({ confidence }) => confidence >= 0.6);
  return {
    rows: predictions.length,
    coverage: made.length / predictions.length,
    precision: shareRight(made),
    accuracy: made.filter(({ isRight }) => isRight).length / predictions.length,
    coverageAt95: coverageAt(wantedPrecision, made, predictions.length),
    calibrationError: calibrationError(made),
    sure: { coverage: sure.length / predictions.length, precision: shareRight(sure) },
    suggested: { coverage: suggested.length / predictions.length, precision: shareRight(suggested) },
  };
}

function shareRight(predictions) {
  return predictions.length === 0
    ? NaN
    : predictions.filter(({ isRight }) => isRight).length / predictions.length;
}

/** The largest share of rows, the surest first, that are right in so many cases; equally sure ones stay together. */
function coverageAt(precision, made, rows) {
  const sorted = made.toSorted((a, b) => b.confidence - a.confidence);
  let right = 0;
  let most = 0;
  for (const [index, { confidence, isRight }] of sorted.entries()) {
    if (isRight) right += 1;
    const isLastOfEquals = sorted[index + 1]?.confidence !== confidence;
    if (isLastOfEquals && right / (index + 1) >= precision) most = index + 1;
  }
  return most / rows;
}

/** The expected calibration error: how far confidence and precision are apart, in ten bins of equal width. */
function calibrationError(made) {
  const inBins = Array.from({ length: bins }, () => []);
  for (const each of made) inBins[Math.min(bins - 1, Math.floor(each.confidence * bins))].push(each);
  return inBins
    .filter((bin) => bin.length > 0)
    .reduce((error, bin) => {
      const confidence = bin.reduce((sum, each) => sum + each.confidence, 0) / bin.length;
      return error + (bin.length / made.length) * Math.abs(confidence - shareRight(bin));
    }, 0);
}
