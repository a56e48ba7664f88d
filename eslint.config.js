import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** A literal text, whichever way it is written. */
const wording =
  ':matches(Literal[value=/\\p{L}/u], TemplateLiteral:has(TemplateElement[value.raw=/\\p{L}/u]))';

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
    // Whoever translates the page finds all of its words in one file.
    files: ['src/ui/**'],
    ignores: ['src/ui/strings.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          // <p>Text</p>, and {isSo ? 'text' : `text`} in place of an element's text.
          'JSXText[value=/\\p{L}/u]',
          `:matches(JSXElement, JSXFragment) > JSXExpressionContainer > ${wording}`,
          `:matches(JSXElement, JSXFragment) > JSXExpressionContainer > :matches(ConditionalExpression, LogicalExpression) > ${wording}`,
          `JSXAttribute[name.name=/^(alt|aria-label|data-name|effect|label|name|placeholder|title)$/] ${wording}`,
          // 'Just now', 'No answer' and the like anywhere else; not what is compared with, such as the name of a key.
          ':not(BinaryExpression) > Literal[value=/^\\p{Lu}\\p{Ll}+([ .…]|$)/u]',
          'TemplateElement[value.raw=/^(?!Bearer )\\p{Lu}\\p{Ll}+ $/u]',
          ':not(JSXExpressionContainer) > TemplateLiteral > TemplateElement[value.raw=/^[^{\\n]*\\p{L} \\p{L}[^{\\n]*$/u]',
        ].map((selector) => ({ selector, message: 'Words that people read belong into src/ui/strings.ts.' })),
      ],
    },
  },
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
