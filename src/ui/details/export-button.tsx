import { strings } from '../strings.js';
import type { SuggestionLine } from './suggestion-line.js';
import { suggestionsCsv } from './suggestions-csv.js';

interface Properties {
  readonly jobId: string;
  readonly lines: readonly SuggestionLine[];
}

export function ExportButton({ jobId, lines }: Properties) {
  const save = () => {
    // A spreadsheet takes it for UTF-8 by the mark in front only.
    const file = new Blob(['\uFEFF', suggestionsCsv(lines)], { type: 'text/csv;charset=utf-8' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `suggestions-${jobId}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <button type="button" onClick={save}>
      {strings.suggestions.saveAsCsv}
    </button>
  );
}
