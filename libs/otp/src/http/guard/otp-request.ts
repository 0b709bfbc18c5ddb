import type { OtpRegister } from '../../challenge/purpose.js';

/**
 * The request as the functions of `@RequireOtp` and `@OtpThrottle` get it: the HTTP request, also of a GraphQL field; of a
 * WebSocket message its client. Merge `request` into `OtpRegister` to have it typed as your own; until then it is as
 * untyped as what NestJS' `getRequest()` answers.
 */
// Without this a function could not read a member of the body unless every application declared its request.
// oxlint-disable-next-line typescript/no-explicit-any
export type OtpRequest = OtpRegister extends { request: infer T } ? T : any;
