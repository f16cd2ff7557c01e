/**
 * What a test file throws outside its tests, while it sets up, fails with its reason and is torn down like the rest. Without
 * this tap says of such a file only that it failed. Imported into each test's process, by package.json.
 */
import t from 'tap'

process.once('uncaughtException', (error) => t.threw(error))
