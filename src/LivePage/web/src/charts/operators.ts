import type { Operator } from '../contract';

/** Operators to choose from, with their names. */
export const OPERATORS: readonly (readonly [Operator, string])[] = [['hessian', 'Hessian'], ['ggn', 'GGN'], ['residual', 'residual']];
