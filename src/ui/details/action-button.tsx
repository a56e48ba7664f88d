import { useId } from 'react';

interface Properties {
  readonly name: string;
  /** What will come of it, in a sentence. */
  readonly effect: string;
  readonly isBusy: boolean;
  readonly onPress: () => Promise<void>;
}

export function ActionButton({ name, effect, isBusy, onPress }: Properties) {
  const effectId = useId();
  return (
    <>
      <button type="button" aria-disabled={isBusy} aria-describedby={effectId} onClick={() => void onPress()}>
        {name}
      </button>
      <p id={effectId} className="muted">
        {effect}
      </p>
    </>
  );
}
