/**
 * The few DOM types that playwright's declarations name. Declared empty here instead of adding the library `dom`, which
 * would let code for Node use what only browsers have.
 */
interface Node {}
interface HTMLElement extends Node {}
interface SVGElement extends Node {}
interface HTMLElementTagNameMap {}
