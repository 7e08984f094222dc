import assert from 'node:assert/strict';
import test from 'node:test';
import { extent, linearRange, logRange, logTicks, symexp, symlog, symlogRange, symlogThreshold, symlogTicks } from '../src/scale';

test('the extent skips what is absent', () => {
  assert.deepEqual(extent([null, 3, undefined, -1, NaN]), [-1, 3]);
  assert.deepEqual(extent([-2, 5], (value) => value > 0), [5, 5]);
  assert.equal(extent([null, NaN]), null);
});

test('a single value gets a range around it', () => {
  for (const value of [0, 3, -3]) {
    const [low, high] = linearRange(value, value);
    assert.ok(low < value && value < high);
  }
  const [low, high] = logRange(5, 5);
  assert.ok(low < 5 && 5 < high && high / low >= 10 ** 0.5);
});

test('ticks of a logarithmic axis lie inside it and are round', () => {
  assert.deepEqual(logTicks(0.9, 110, 4), [1, 10, 100]);
  assert.deepEqual(logTicks(1, 10, 8), [1, 2, 5, 10]);
  assert.ok(logTicks(1e-12, 1, 6).length <= 7);
  assert.ok(logTicks(1e-12, 1, 6).every((tick) => Number.isInteger(Math.log10(tick))));
});

test('the symmetric logarithm is odd and has an inverse', () => {
  for (const value of [-1000, -1, -1e-5, 0, 1e-5, 0.3, 7, 1e6]) {
    assert.equal(symlog(-value, 0.01), -symlog(value, 0.01));
    assert.ok(Math.abs(symexp(symlog(value, 0.01), 0.01) - value) <= 1e-12 * Math.abs(value));
  }
});

test('ticks of a symmetric logarithmic axis reach both ends and keep their distance', () => {
  const [low, high] = symlogRange(-0.3, 150, 0.1);
  const ticks = symlogTicks(low, high, 0.1, 0.08);
  assert.ok(ticks.includes(0) && ticks.includes(100));
  assert.deepEqual([...ticks].sort((a, b) => a - b), ticks);
  const places = ticks.map((tick) => (symlog(tick, 0.1) - symlog(low, 0.1)) / (symlog(high, 0.1) - symlog(low, 0.1)));
  places.slice(1).forEach((place, i) => assert.ok(place - places[i]! >= 0.08));
});

test('the linear part is a power of ten below the largest magnitude', () => {
  assert.equal(symlogThreshold(-2, 150), 0.1);
  assert.equal(symlogThreshold(0, 0), 1);
});
