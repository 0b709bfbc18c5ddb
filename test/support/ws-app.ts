import { Injectable } from '@nestjs/common';
import type { ExecutionContext, INestApplication, Type } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { IncomingMessage } from 'node:http';
import {
  type OtpCaller,
  type OtpCallerIdentity,
  OtpProof,
  rememberConnection,
  RequireOtp,
  SkipOtp,
  toOtpException,
  type VerifiedOtp,
  VerifiedPhone,
} from 'nestjs-sms-otp';
import { PURPOSES } from './graphql-app.js';
import { ACCOUNTS } from './guarded-app.js';
import { type OtpApp, type OtpAppOptions, startOtpApp } from './otp-app.js';
import { type ConnectOptions, connectSocketIo, connectWs, type WsClient } from './ws-client.js';

export interface WsServer {
  readonly name: string;
  /** Where the second gateway stands. */
  readonly elsewhere: object;
  adapt(app: INestApplication): void;
  connect(url: string, options: ConnectOptions): Promise<WsClient>;
}

export const SOCKET_IO: WsServer = {
  name: 'socket.io',
  elsewhere: { namespace: '/elsewhere' },
  adapt: (app) => app.useWebSocketAdapter(new IoAdapter(app)),
  connect: connectSocketIo,
};

export const WS: WsServer = {
  name: 'ws',
  elsewhere: { path: '/elsewhere' },
  adapt: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
  connect: connectWs,
};

export const WS_SERVERS: readonly WsServer[] = [SOCKET_IO, WS];

/** What an application's own authentication would know of a connection. */
interface Connection {
  readonly account: string | undefined;
  readonly session: string | undefined;
}

const connections = new WeakMap<object, Connection>();

@Injectable()
export class ConnectionCaller implements OtpCaller {
  resolve(client: object): OtpCallerIdentity | undefined {
    const { account, session } = { ...connections.get(client) };
    const identity = account === undefined ? undefined : ACCOUNTS[account];
    return identity && { ...identity, ...(session === undefined ? {} : { session }) };
  }
}

/** Socket.IO keeps the request of the handshake; `ws` hands it over once. */
function requestOf(client: object, given: unknown): IncomingMessage {
  const request: unknown = Reflect.get(client, 'request') ?? given;
  return request as IncomingMessage;
}

const payloadOf = (context: ExecutionContext): Readonly<Record<string, string>> => ({
  ...context.switchToWs().getData<Record<string, string>>(),
});

const payout = {
  binding: (_client: unknown, context: ExecutionContext) => {
    const { amount = '', payee = '' } = payloadOf(context);
    return { amount, payee };
  },
};

/** Protected handlers of every kind; `calls` lists those that ran, with the payload that they saw. */
export function guardedGateways({ elsewhere }: WsServer, remember: boolean) {
  const calls: string[] = [];
  const ran = (event: string, body: unknown, more: object = {}) => {
    calls.push(`${event} ${JSON.stringify(body)}`);
    return { event: 'done', data: { ...more, ran: event } };
  };

  @WebSocketGateway()
  class EventsGateway implements OnGatewayConnection {
    handleConnection(client: object, given: unknown): void {
      const request = requestOf(client, given);
      const [account, session] = [request.headers['x-account'], request.headers['x-session']].map((header) =>
        typeof header === 'string' ? header : undefined,
      );
      connections.set(client, { account, session });
      if (remember) {
        rememberConnection(client, request);
      }
    }

    @SubscribeMessage('pay')
    @RequireOtp('payout', payout)
    pay(@MessageBody() body: unknown, @OtpProof() { phoneNumber, purpose }: VerifiedOtp) {
      return ran('pay', body, { phoneNumber, purpose });
    }

    @SubscribeMessage('rename')
    @RequireOtp('second', { mode: 'inline', binding: false })
    rename(@MessageBody() body: unknown) {
      return ran('rename', body);
    }

    @SubscribeMessage('remove')
    @RequireOtp('second', { mode: 'inline', binding: false })
    remove(@MessageBody() body: unknown) {
      return ran('remove', body);
    }

    @SubscribeMessage('enter')
    @RequireOtp('login', { mode: 'proof' })
    enter(@MessageBody() body: unknown, @VerifiedPhone() phoneNumber: string) {
      return ran('enter', body, { phoneNumber });
    }

    @SubscribeMessage('enterOnce')
    @RequireOtp('login', { mode: 'proof', singleUse: true })
    enterOnce(@MessageBody() body: unknown) {
      return ran('enterOnce', body);
    }

    /** Two gateways listen to it. */
    @SubscribeMessage('shared')
    @RequireOtp('login', { mode: 'proof', singleUse: true })
    shared(@MessageBody() body: unknown) {
      return ran('shared', body);
    }

    @SubscribeMessage('balance')
    @RequireOtp('login', { mode: 'proof', cookie: 'proof' })
    balance(@MessageBody() body: unknown) {
      return ran('balance', body);
    }

    @SubscribeMessage('rolledOut')
    @RequireOtp('second', { binding: false, skipIf: () => true })
    rolledOut(@MessageBody() body: unknown) {
      return ran('rolledOut', body);
    }

    @SubscribeMessage('refusing')
    @RequireOtp('second', { binding: false, skipIf: () => true })
    refusing() {
      throw toOtpException({ outcome: 'challenge_gone' });
    }

    @SubscribeMessage('failing')
    @RequireOtp('second', { binding: false })
    failing(@MessageBody() body: unknown) {
      ran('failing', body);
      throw new Error('after the guard');
    }

    @SubscribeMessage('forgotten')
    forgotten(@MessageBody() body: unknown, @VerifiedPhone() phoneNumber: string) {
      return ran('forgotten', body, { phoneNumber });
    }

    @SubscribeMessage('open')
    open(@MessageBody() body: unknown) {
      return ran('open', body);
    }
  }

  @RequireOtp('second', { binding: false })
  @WebSocketGateway()
  class ClassGateway {
    @SubscribeMessage('transfer')
    transfer(@MessageBody() body: unknown) {
      return ran('transfer', body);
    }

    /** Behind two guards. */
    @SubscribeMessage('transferFresh')
    @RequireOtp('second', { maxAgeSeconds: 60 })
    transferFresh(@MessageBody() body: unknown) {
      return ran('transferFresh', body);
    }

    @SubscribeMessage('shared')
    @RequireOtp('login', { mode: 'proof', singleUse: true })
    shared(@MessageBody() body: unknown) {
      return ran('shared', body);
    }

    @SubscribeMessage('cancel')
    @SkipOtp()
    cancel(@MessageBody() body: unknown) {
      return ran('cancel', body);
    }
  }

  @WebSocketGateway(elsewhere)
  class ElsewhereGateway extends EventsGateway {
    @SubscribeMessage('rename')
    @RequireOtp('second', { mode: 'inline', binding: false })
    override rename(@MessageBody() body: unknown) {
      return ran('rename elsewhere', body);
    }
  }

  const gateways: Type[] = [EventsGateway, ClassGateway, ElsewhereGateway];
  return { calls, gateways };
}

export interface WsAppOptions extends OtpAppOptions {
  readonly server: WsServer;
  /** Whether the gateways tell the module who connected. @default true */
  readonly remember?: boolean;
}

export interface WsApp extends OtpApp {
  readonly calls: string[];
  /** Connects; the connections end with the application. */
  connect(options?: ConnectOptions): Promise<WsClient>;
}

export async function startWsApp({ server, remember = true, metadata = {}, ...options }: WsAppOptions): Promise<WsApp> {
  const { calls, gateways } = guardedGateways(server, remember);
  const otp = await startOtpApp({
    purposes: PURPOSES,
    caller: ConnectionCaller,
    ...options,
    metadata: { ...metadata, providers: [ConnectionCaller, ...gateways, ...(metadata.providers ?? [])] },
    configure: (app) => server.adapt(app),
  });
  const clients: WsClient[] = [];
  return {
    ...otp,
    calls,
    connect: async (connection = {}) => {
      const client = await server.connect(otp.url, connection);
      clients.push(client);
      return client;
    },
    close: async () => {
      clients.forEach((client) => client.close());
      await otp.close();
    },
  };
}
