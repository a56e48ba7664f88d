// Preloaded by a server under test, which is killed in the moment that the file KILL_ORDER names: `after StepSucceeded`
// (the event is durable and nobody has heard of it), `before StepAdvanced 2` (the second one since the order was given
// is about to be). Without the file nothing happens.
import { readFileSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';

const orderFile = process.env.KILL_ORDER;
// What it starts inherits the options of Node.
if (process.argv[1]?.endsWith('/dist/src/main.js')) obeyOrders();

function obeyOrders() {
  const { prepare } = Database.prototype;
  let isDue = false;
  let order = '';
  let left = 0;
  Database.prototype.prepare = function (sql) {
    const statement = prepare.call(this, sql);
    const run = statement.run.bind(statement);
    if (sql.startsWith('INSERT INTO events ')) {
      statement.run = (...values) => {
        const given = readOrder();
        if (given !== order) left = Number(given.split(' ')[2] ?? 1);
        order = given;
        if (order.split(' ')[1] === values[3]) left -= 1;
        isDue ||= order !== '' && left === 0;
        return run(...values);
      };
    } else if (sql === 'COMMIT') {
      statement.run = () => {
        if (isDue && order.startsWith('before')) die();
        const result = run();
        if (isDue) die();
        return result;
      };
    }
    return statement;
  };
}

function readOrder() {
  try {
    return readFileSync(orderFile, 'utf8');
  } catch {
    return '';
  }
}

function die() {
  rmSync(orderFile);
  process.kill(process.pid, 'SIGKILL');
}
