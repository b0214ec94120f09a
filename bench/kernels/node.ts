/** The suite alone, for another engine than Bun's: prints its result as JSON. Argument: the project's folder. */
import { runSuite } from './suite.ts';

console.log(JSON.stringify(await runSuite(process.argv[2] ?? '.')));
