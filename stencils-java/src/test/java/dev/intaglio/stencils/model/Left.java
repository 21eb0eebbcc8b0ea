package dev.intaglio.stencils.model;

/** How a model says that control went elsewhere. */
final class Left extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final String where;

    Left(String where) {
        super(where, null, false, false);
        this.where = where;
    }
}
