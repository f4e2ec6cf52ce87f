import fc from 'fast-check';
import { expect, it } from 'vitest';

import { DEFAULT_VIEW_STATE } from '../../profile/viewState';
import { Preferences } from '../preferences';

const { view, percent } = DEFAULT_VIEW_STATE;
const START = { view, percent };

it('has the defaults until the settings are there', () => {
  expect(new Preferences().current).toEqual({
    state: START,
    hidden: []
  });
});

it('reads the settings, and tells of them', () => {
  const preferences = new Preferences();
  const told: unknown[] = [];
  preferences.changed.connect((_, current) => told.push(current));
  preferences.read({
    view: 'charts',
    percent: true,
    hiddenFunctions: ['/joblib/', 'importlib'],
    rows: 30
  });
  expect(preferences.current).toEqual({
    state: { view: 'charts', percent: true },
    hidden: ['/joblib/', 'importlib']
  });
  preferences.read({ view: 'tree' });
  expect(preferences.current.state.view).toBe('tree');
  preferences.read({});
  expect(preferences.current).toEqual(new Preferences().current);
  expect(told.length).toBe(3);
});

it('has defaults for what is not as the schema wants it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), composite => {
      const preferences = new Preferences();
      preferences.read(composite);
      const { state, hidden } = preferences.current;
      expect(['functions', 'tree', 'charts']).toContain(state.view);
      expect(typeof state.percent).toBe('boolean');
      expect(hidden.every(text => typeof text === 'string')).toBe(true);
    })
  );
  const preferences = new Preferences();
  preferences.read({
    view: 5,
    percent: 'yes',
    hiddenFunctions: ['a', 5, null]
  });
  expect(preferences.current).toEqual({
    state: START,
    hidden: ['a']
  });
});
