import t from 'tap'
import { testControllers } from './controllers.ts'

testControllers(t, 'one-user')
