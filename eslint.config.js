import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['dist/', 'data/', 'coverage/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        // vite.config.ts and vitest.config.ts lie beside the tsconfig.json of what ships, which does not include them.
        projectService: { allowDefaultProject: ['*.config.ts'], defaultProject: 'test/tsconfig.json' },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // A number reads in a sentence as it should; the rule's other cases (objects, null) do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => doIt()` is how a callback is written whose result nobody wants.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // `while (true)` is the honest form of a loop that ends from within.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // A payload is a `type`: an `interface` is not assignable to a JSON object's index signature.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // What is taken out or handed in only to be left aside begins with an underscore.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // type-graphql's types are shapes: nobody makes them with `new`.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // type-graphql's types and resolvers may have nothing but decorators.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // `async` without `await` turns a throw into a rejection, which is what a caller of a port expects.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // What a server reports goes to its log; processes alone speak to the terminal.
    files: ['src/**', 'schema/**', 'projections/**'],
    ignores: ['src/main.ts', 'src/*-command.ts', 'src/config-of-process.ts'],
    rules: { 'no-console': 'error' },
  },
  { files: ['src/ui/**'], extends: [reactHooks.configs.flat.recommended] },
  {
    // Plain scripts: no project says their types.
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: Object.fromEntries(
        [...Object.getOwnPropertyNames(globalThis), 'module', 'require'].map((name) => [name, 'readonly']),
      ),
    },
  },
);
