import type { JobFilter } from '../api/job-filter.js';
import { ChoiceField } from '../parts/choice-field.js';
import { strings } from '../strings.js';
import { jobTypeName, jobTypes } from '../words/job-type-name.js';
import { jobStatuses, statusName } from '../words/status-name.js';

const all = { value: '', text: strings.list.all };
const typeChoices = [all, ...jobTypes.map((type) => ({ value: type, text: jobTypeName(type) }))];
const statusChoices = [all, ...jobStatuses.map((status) => ({ value: status, text: statusName(status) }))];

interface Properties {
  readonly filter: JobFilter;
  readonly onChoose: (filter: JobFilter) => void;
}

export function JobFilters({ filter, onChoose }: Properties) {
  return (
    <div className="filters">
      <ChoiceField
        label={strings.list.type}
        value={filter.type ?? ''}
        choices={typeChoices}
        onChoose={(type) => onChoose({ ...filter, type: type || null })}
      />
      <ChoiceField
        label={strings.list.status}
        value={filter.status ?? ''}
        choices={statusChoices}
        onChoose={(value) =>
          onChoose({ ...filter, status: jobStatuses.find((status) => status === value) ?? null })
        }
      />
    </div>
  );
}
