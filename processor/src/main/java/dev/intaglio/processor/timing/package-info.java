/** How long the stages take: {@code -Aintaglio.timing}. */
package dev.intaglio.processor.timing;
