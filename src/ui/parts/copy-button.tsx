import { useState } from 'react';
import { strings } from '../strings.js';

interface Properties {
  readonly text: string;
  readonly label: string;
}

/** Nothing where the browser has no clipboard for the page, as over HTTP from another machine. */
export function CopyButton({ text, label }: Properties) {
  const [isCopied, setCopied] = useState(false);
  if (!('clipboard' in navigator)) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <button type="button" className="small" onClick={() => void copy().catch(() => setCopied(false))}>
      {isCopied ? strings.copied : label}
    </button>
  );
}
