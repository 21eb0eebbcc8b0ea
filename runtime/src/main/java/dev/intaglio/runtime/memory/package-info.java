/**
 * Executable memory: mapping it near the libraries, sharing it out, and never writable and executable at one address.
 *
 * <p>Internal: no API, and may change at any time, but for {@link dev.intaglio.runtime.memory.Region} and
 * {@link dev.intaglio.runtime.memory.RegionStatistics}, which {@link dev.intaglio.runtime.CacheStatistics} and
 * {@link dev.intaglio.runtime.Eviction} hand to clients.
 */
package dev.intaglio.runtime.memory;
