import { configVariables } from './config-variables.js';

const begin = '<!-- configuration: npm run readme -->';
const end = '<!-- /configuration -->';

/** The variables as a Markdown table. */
export function configurationTable(): string {
  const rows = configVariables.map(
    ({ name, default: value, meaning, accepts }) =>
      `| \`${name}\` | ${value === undefined ? '' : `\`${value}\``} | ${meaning} ${sentence(accepts)} |`,
  );
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

/** A text whose table between the two marks is this one. */
export function withConfigurationTable(text: string, table: string): string {
  const [before = '', rest = ''] = text.split(begin);
  return `${before}${begin}\n\n${table}\n\n${end}${rest.split(end)[1] ?? ''}`;
}

function sentence(accepts: string): string {
  return `${accepts.charAt(0).toUpperCase()}${accepts.slice(1)}.`;
}
