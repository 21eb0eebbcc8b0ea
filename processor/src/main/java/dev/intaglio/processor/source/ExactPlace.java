package dev.intaglio.processor.source;

import com.sun.source.tree.CompilationUnitTree;
import java.util.List;

/**
 * The file offsets of a stencil's text, which may be made of several literals, one a line.
 *
 * @param starts the index in the text at which each literal's value begins
 */
record ExactPlace(CompilationUnitTree unit, String file, List<TextBlockMap> literals, List<Integer> starts) {
    /** The offset in the file of a char of the text. */
    int fileOffset(int index) {
        int literal = starts.size() - 1;
        while (literal > 0 && starts.get(literal) > index) {
            literal--;
        }
        return literals.get(literal).fileOffset(index - starts.get(literal));
    }
}
