// Declarations of the drivers for GraphQL name types of optional packages, which nothing here uses.

declare module '@apollo/gateway' {
  export interface GatewayConfig {}
}

declare module '@mercuriusjs/gateway' {
  export interface MercuriusGatewayOptions {}
}

declare module 'ts-morph' {
  export interface ClassDeclarationStructure {}
  export interface EnumDeclarationStructure {}
  export interface InterfaceDeclarationStructure {}
  export interface MethodDeclarationStructure {}
  export interface MethodSignatureStructure {}
  export interface ParameterDeclarationStructure {}
  export interface PropertyDeclarationStructure {}
  export interface PropertySignatureStructure {}
  export interface SourceFile {}
  export interface TypeAliasDeclarationStructure {}
  export type OptionalKind<T> = T;
}
