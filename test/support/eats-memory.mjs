// Preloaded by the process of a budget: as soon as there is work, it takes four times what its test lets it have, and where it
// gets that, works on.
const kept = [];
process.on('message', ({ type }) => {
  if (type !== 'call') return;
  while (kept.length < 640) kept.push(new Array(100_000).fill(kept.length));
});
