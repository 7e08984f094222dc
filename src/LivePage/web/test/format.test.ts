import assert from 'node:assert/strict';
import test from 'node:test';
import { ABSENT, count, percent, quantity, ratio, shortCount, tickLabel } from '../src/format';

test('a number that is unknown is a dash and never 0', () => {
  for (const format of [quantity, ratio, count, percent]) {
    assert.equal(format(undefined), ABSENT);
    assert.equal(format(null), ABSENT);
    assert.equal(format(NaN), ABSENT);
    assert.equal(format(Infinity), ABSENT);
  }
  assert.equal(quantity(0), '0');
  assert.equal(count(0), '0');
});

test('quantities keep their significant digits', () => {
  assert.equal(quantity(12.3456, 4), '12.35');
  assert.equal(quantity(0.012345), '0.0123');
  assert.equal(quantity(1234.5, 4), '1235');
  assert.equal(quantity(-2.5), '−2.50');
  assert.equal(quantity(0.1, 3), '0.1');
  assert.equal(quantity(1e-5), '1e−5');
  assert.equal(quantity(1.234e-7, 2), '1.2e−7');
  assert.equal(quantity(123456), '1.23e5');
});

test('ratios keep two decimals while they are small', () => {
  assert.equal(ratio(0.934), '0.93');
  assert.equal(ratio(12.34), '12.3');
  assert.equal(ratio(1234), '1234');
});

test('counts are grouped, and short on axes', () => {
  assert.equal(count(431080), '431\u202f080');
  assert.equal(shortCount(200), '200');
  assert.equal(shortCount(25000), '25k');
  assert.equal(shortCount(2500000), '2.5M');
});

test('a share of one is a percentage', () => {
  assert.equal(percent(0.9312), '93.1 %');
});

test('ticks are short', () => {
  assert.deepEqual([0, 1, -0.05, 1e-12, 100000].map(tickLabel), ['0', '1', '−0.05', '1e−12', '1e5']);
});
