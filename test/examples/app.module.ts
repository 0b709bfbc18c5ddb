export { AppModule } from './passwordless.js';
