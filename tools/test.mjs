// npm test: every test of the project. All steps run even if one fails; nothing
// is skipped; the last line is `N passed, N failed`.
//
// npm test -- pytest browser        only these steps
// npm test -- browser -- -g table   one step, with options for its runner
import './node-version.mjs';

import { needCompiler } from './compiler.mjs';
import { bin } from './paths.mjs';
import { Stop, isMain, main, say } from './run.mjs';
import { broken } from './results.mjs';
import { setUp } from './setup.mjs';
import { allSteps } from './steps.mjs';

function choose(steps, names) {
  for (const name of names) {
    if (!steps.some(step => matches(step, name))) {
      const known = steps.map(step => step.name).join(', ');
      throw new Stop(`There is no step "${name}": the steps are ${known}.`);
    }
  }
  return names.length === 0
    ? steps
    : steps.filter(step => names.some(name => matches(step, name)));
}

/** "pytest" means every Python, "pytest-3.12" one. */
function matches(step, name) {
  return step.name === name || step.name.startsWith(`${name}-`);
}

async function runStep(step, options) {
  const began = Date.now();
  say(`=== ${step.name}: ${step.title}`);
  let results;
  try {
    results = await step.run(options);
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    results = broken(`${step.name}: ${error.message}`);
  }
  return { ...step, results, seconds: (Date.now() - began) / 1000 };
}

function summary(done, notFound) {
  console.log(`\n${'step'.padEnd(14)}  passed  failed  seconds`);
  for (const { name, results, seconds } of done) {
    const numbers = [results.passed, results.failed.length, seconds.toFixed(0)];
    const [passed, failed, time] = numbers.map(String);
    console.log(
      `${name.padEnd(14)} ${passed.padStart(7)} ${failed.padStart(7)} ${time.padStart(8)}`
    );
  }
  if (notFound.length > 0) {
    console.log(
      `Pythons not found here: ${notFound.join(', ')} (the kernel side is tested on each one found)`
    );
  }
  for (const { name, results } of done) {
    results.notes.forEach(note => console.log(`${name}: ${note}`));
  }
  for (const { name, results } of done) {
    results.failed.forEach(test => console.log(`FAILED ${name}: ${test}`));
  }
}

async function test(args) {
  const divider = args.indexOf('--');
  const names = divider < 0 ? args : args.slice(0, divider);
  const options = divider < 0 ? [] : args.slice(divider + 1);
  await setUp({ compiled: 'require' });
  const { steps, notFound } = allSteps();
  const chosen = choose(steps, names);
  if (options.length > 0 && chosen.length !== 1) {
    throw new Stop(
      'Options after -- are for the runner of one step: name one step before them.'
    );
  }
  if (chosen.some(step => step.name.startsWith('pytest'))) {
    await needCompiler(bin('python'), { needsCpp: true });
  }
  const done = [];
  for (const step of chosen) {
    done.push(await runStep(step, options));
  }
  summary(done, notFound);
  if (chosen.length < steps.length || options.length > 0) {
    console.log(
      `Only this was run: ${[...chosen.map(step => step.name), ...options].join(' ')}`
    );
  }
  return {
    passed: done.reduce((sum, { results }) => sum + results.passed, 0),
    failed: done.reduce((sum, { results }) => sum + results.failed.length, 0)
  };
}

if (isMain(import.meta.url)) {
  await main(async () => {
    let counts = { passed: 0, failed: 1 };
    try {
      counts = await test(process.argv.slice(2));
    } catch (error) {
      console.error(`\n${error instanceof Stop ? error.message : error.stack}`);
    }
    console.log(`${counts.passed} passed, ${counts.failed} failed`);
    return counts.failed > 0 ? 1 : 0;
  });
}
