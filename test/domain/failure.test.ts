import { describe, expect, it } from 'vitest';
import { failure, failureCodes } from '../../src/domain/failure.js';

/** What the public API promises. */
const contractCodes = [
  ...['ACTUAL_UNREACHABLE', 'ACTUAL_TIMEOUT', 'ACTUAL_AUTH_FAILED', 'ACTUAL_RATE_LIMITED'],
  ...['ACTUAL_BUDGET_NOT_FOUND', 'ACTUAL_BUDGET_RESET', 'ACTUAL_ENCRYPTION', 'ACTUAL_VERSION_MISMATCH'],
  ...['ACTUAL_NOT_A_SERVER', 'ACTUAL_SERVER_ERROR', 'LOCAL_STORAGE'],
  ...['MODEL_UNREACHABLE', 'MODEL_TIMEOUT', 'MODEL_AUTH_FAILED', 'MODEL_RATE_LIMITED', 'MODEL_QUOTA'],
  ...['MODEL_BAD_ANSWER', 'MODEL_CAP_REACHED'],
  ...['BATCH_EMPTY', 'STEP_DEADLINE', 'INTERRUPTED_TOO_OFTEN', 'PREREQUISITE_FAILED', 'INTERNAL'],
];

/** Words of those who build software, which a user need not know. Names of settings are in capitals. */
const jargon =
  /\b(exception|stack|null|undefined|NaN|errno|ECONN\w*|ENO\w*|HTTP|JSON|SQL|API call|payload|timeout|timed out|socket|process|thread|stream|event store|saga|lane|runner|claim|handler|status code|\d{3})\b/i;

describe('the catalogue of failures', () => {
  it('has the codes that the public API promises, and no other', () => {
    expect([...failureCodes].sort()).toEqual([...contractCodes].sort());
  });
});

describe.each(failureCodes)('%s', (code) => {
  const { message, action, retryable } = failure(code);

  it('says in one sentence what happened', () => {
    expect(message).toMatch(/^[A-Z][^.!?]*\.$/);
    expect(message.length).toBeLessThanOrEqual(120);
  });

  it('says what to do about it', () => {
    expect(action).toMatch(/^[A-Z].*\.$/);
    expect(action.length).toBeLessThanOrEqual(120);
    expect(action).not.toBe(message);
  });

  it('speaks to a user, not to a developer', () => {
    expect(message).not.toMatch(jargon);
    expect(action).not.toMatch(jargon);
  });

  it('advises to retry only where that can help, and to change a setting only where that cannot', () => {
    const advised = { retry: /\bretry\b/i.test(action), setting: action.includes('restart') };
    expect(advised.retry && !retryable).toBe(false);
    expect(advised.setting && retryable).toBe(false);
  });
});

describe('a failure about which more is known', () => {
  it('keeps its code and says what is special about it', () => {
    expect(failure('ACTUAL_UNREACHABLE', { message: 'There is no host named actual.example.' })).toEqual({
      code: 'ACTUAL_UNREACHABLE',
      message: 'There is no host named actual.example.',
      action: failure('ACTUAL_UNREACHABLE').action,
      retryable: true,
    });
  });
});
