package dev.intaglio.processor.write;

import com.palantir.javapoet.ClassName;
import java.util.Set;

/**
 * What the stencils of one emitter have in common while they are written.
 *
 * @param emitter the class that is written
 * @param globals the labels that all stencils see
 * @param shapes the fields that hold numbers of comparisons
 * @param positionBases the registers behind which stencils keep positions, a bit each
 * @param members the names of the emitter's methods so far
 */
record Shared(ClassName emitter, Globals globals, Shapes shapes, int positionBases, Set<String> members) {}
