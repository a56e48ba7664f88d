import { useMemo, useState } from 'react';
import type { Job } from '../api/job.js';
import { listLines } from '../feed/list-lines.js';
import { ColumnHeaders } from '../parts/column-headers.js';
import { strings } from '../strings.js';
import { DayHeading } from './day-heading.js';
import { JobRow } from './job-row.js';
import { useLinesInSight } from './use-lines-in-sight.js';

interface Properties {
  /** Another array where something of them changed, and only there. */
  readonly jobs: readonly Job[];
  readonly openJobId: string | null;
  /** Whether there is more than one to tell apart. */
  readonly hasBudgets: boolean;
  /** Always the same one: for another, all rows would be rendered again. */
  readonly onOpen: (jobId: string) => void;
}

export function JobTable({ jobs, openJobId, hasBudgets, onOpen }: Properties) {
  const columns = [
    strings.list.type,
    ...(hasBudgets ? [strings.budget.label] : []),
    strings.list.status,
    strings.list.started,
    strings.list.completed,
    strings.list.took,
    strings.list.outcome,
  ];
  const lines = useMemo(() => listLines(jobs), [jobs]);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const kept = new Set([focusedId, openJobId].filter((id) => id !== null));
  const { isAll, body, shown, measure } = useLinesInSight(lines, kept);
  return (
    <table
      role="table"
      className={hasBudgets ? 'jobs jobs-of-budgets cards' : 'jobs cards'}
      aria-label={strings.list.title}
      aria-rowcount={isAll ? undefined : jobs.length + 1}
    >
      <ColumnHeaders names={columns}>
        <th role="columnheader" scope="col">
          <span className="visually-hidden">{strings.list.details}</span>
        </th>
      </ColumnHeaders>
      <tbody role="rowgroup" ref={body} onBlur={() => setFocusedId(null)}>
        {/* All beside each other, so that a row keeps the focus when its job ends and moves below a heading. */}
        {shown.map((lineOrGap, nth) => {
          if ('gap' in lineOrGap)
            return <tr key={`gap-${nth}`} role="none" className="gap" style={{ height: lineOrGap.gap }} />;
          const { index } = lineOrGap;
          const line = lines[index];
          if (line?.kind === 'DAY')
            return (
              <DayHeading
                key={line.key}
                at={line.at}
                columns={columns.length + 1}
                index={index}
                ref={measure}
              />
            );
          return (
            line && (
              <JobRow
                key={line.key}
                job={line.job}
                isOpen={line.key === openJobId}
                hasBudget={hasBudgets}
                index={index}
                place={isAll ? undefined : line.place}
                ref={measure}
                onOpen={onOpen}
                onFocus={setFocusedId}
              />
            )
          );
        })}
      </tbody>
    </table>
  );
}
