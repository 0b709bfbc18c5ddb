import { Module } from '@nestjs/common';
import { UsersService } from './step-up.js';
import { purposes } from './purposes.js';

export interface PayoutDto {
  readonly amount: string;
  readonly payee: string;
}

/** Stands in for an application's own authentication of connections: here the token is the account's name. */
@Injectable()
export class Connections {
  private readonly accounts = new WeakMap<object, string>();

  signIn(client: object, { headers }: IncomingMessage): void {
    const id = /^Bearer (\w+)$/.exec(headers.authorization ?? '')?.[1];
    if (id !== undefined) {
      this.accounts.set(client, id);
    }
  }

  accountOf(client: object): string | undefined {
    return this.accounts.get(client);
  }
}

// #region example
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { MessageBody, type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { type OtpCaller, OtpModule, OtpProof, rememberConnection, RequireOtp, type VerifiedOtp } from 'nestjs-sms-otp';
import type { IncomingMessage } from 'node:http';

@Injectable()
export class AppOtpCaller implements OtpCaller {
  constructor(
    private readonly connections: Connections,
    private readonly users: UsersService,
  ) {}

  /** Of a message: the client that sent it. Where there are routes too, `context.getType()` tells which it is. */
  async resolve(client: object) {
    const id = this.connections.accountOf(client);
    return id === undefined ? undefined : { subject: id, phoneNumber: await this.users.phoneOf(id) };
  }
}

/** Clients may send anything, also nothing; what is missing here the schema of the purpose refuses. */
function payoutOf(context: ExecutionContext) {
  const { amount, payee } = { ...context.switchToWs().getData<PayoutDto>() };
  return { amount, payee };
}

@WebSocketGateway()
export class PayoutsGateway implements OnGatewayConnection {
  constructor(private readonly connections: Connections) {}

  handleConnection(client: { readonly request: IncomingMessage }) {
    this.connections.signIn(client, client.request);
  }

  @SubscribeMessage('pay')
  @RequireOtp('payout', { binding: (_client, context) => payoutOf(context) })
  pay(@MessageBody() { amount, payee }: PayoutDto, @OtpProof() proof: VerifiedOtp) {
    return { event: 'paid', data: { amount, payee, by: proof.subject } };
  }
}
// #endregion example

// #region ws
/** The package `ws` hands the request over once. */
@WebSocketGateway()
export class PlainPayoutsGateway implements OnGatewayConnection {
  constructor(private readonly connections: Connections) {}

  handleConnection(client: object, request: IncomingMessage) {
    rememberConnection(client, request); // for the limits by address, and for trusted devices
    this.connections.signIn(client, request);
  }
  // #endregion ws

  @SubscribeMessage('pay')
  @RequireOtp('payout', { binding: (_client, context) => payoutOf(context) })
  pay(@MessageBody() { amount, payee }: PayoutDto, @OtpProof() proof: VerifiedOtp) {
    return { event: 'paid', data: { amount, payee, by: proof.subject } };
  }
}

const otp = OtpModule.forRoot({
  serviceName: 'Acme',
  secrets: [process.env['OTP_SECRET'] ?? ''],
  purposes,
  caller: AppOtpCaller,
});

@Module({ imports: [otp], providers: [AppOtpCaller, UsersService, Connections, PayoutsGateway] })
export class AppModule {}

@Module({ imports: [otp], providers: [AppOtpCaller, UsersService, Connections, PlainPayoutsGateway] })
export class PlainAppModule {}
