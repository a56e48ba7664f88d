// Asks the registry for known vulnerabilities of what ships. Ends with 0 where there is none of high or critical severity, with
// 1 where there is, and with 75 (as sysexits has it: try again later) where it could not be asked, as behind a mirror.
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
const report = parsed(stdout);
if (!report?.metadata?.vulnerabilities) {
  console.warn('The registry could not be asked for vulnerabilities.');
  process.exit(75);
}
const grave = Object.values(report.vulnerabilities).filter(({ severity }) =>
  ['high', 'critical'].includes(severity),
);
for (const { name, severity, range } of grave) console.error(`${severity}: ${name} ${range}`);
console.info(`${grave.length} vulnerabilities of high or critical severity in what ships.`);
process.exit(grave.length > 0 ? 1 : 0);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
