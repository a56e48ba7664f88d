import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Calibration } from '../../src/suggestions/calibration.js';

/** `right` of `of` predictions of one probability were right, evenly spread. */
function calibrated(probability: number, { right, of }: { right: number; of: number }): Calibration {
  const calibration = new Calibration();
  for (let index = 0; index < of; index += 1) {
    calibration.record(probability, (index * right) % of < right);
  }
  return calibration;
}

describe('confidence', () => {
  it('is the probability where nothing was predicted yet', () => {
    expect(new Calibration().confidenceOf(0.7)).toBe(0.7);
  });

  it('comes down to how often earlier predictions were right', () => {
    const calibration = calibrated(0.9, { right: 50, of: 100 });
    expect(calibration.confidenceOf(0.9)).toBeLessThan(0.65);
  });

  it('goes up to how often earlier predictions were right', () => {
    const calibration = calibrated(0.6, { right: 100, of: 100 });
    expect(calibration.confidenceOf(0.6)).toBeGreaterThan(0.9);
  });

  it('trusts the probability where only few predictions speak against it', () => {
    expect(calibrated(0.9, { right: 0, of: 1 }).confidenceOf(0.9)).toBeGreaterThan(0.8);
  });

  it('learns nothing from predictions of another probability', () => {
    expect(calibrated(0.95, { right: 0, of: 100 }).confidenceOf(0.5)).toBe(0.5);
  });

  it('forgets what was long ago', () => {
    const calibration = calibrated(0.9, { right: 0, of: 500 });
    for (let index = 0; index < 1_500; index += 1) calibration.record(0.9, true);
    expect(calibration.confidenceOf(0.9)).toBeGreaterThan(0.95);
  });

  it('is never whole, however often it was right', () => {
    expect(calibrated(1, { right: 500, of: 500 }).confidenceOf(1)).toBe(0.995);
  });

  it('is from 0 to nearly 1, whatever was recorded', () => {
    const anyProbability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyProbability, fc.boolean())),
        anyProbability,
        (recorded, probability) => {
          const calibration = new Calibration();
          for (const [each, wasRight] of recorded) calibration.record(each, wasRight);
          const confidence = calibration.confidenceOf(probability);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(0.995);
        },
      ),
    );
  });
});
