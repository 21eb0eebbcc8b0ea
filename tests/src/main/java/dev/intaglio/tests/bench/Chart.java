package dev.intaglio.tests.bench;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Figures as horizontal bars, each group with a logarithmic scale of its own, as SVG or PNG. */
final class Chart {
    private static final int WIDTH = 900;
    private static final int ROW = 20;
    private static final int MARGIN = 14;
    private static final int LABELS = 370;
    private static final int BARS = 380;
    private static final int BACKGROUND = 0xffffff;
    private static final int INK = 0x1a202c;
    private static final int OURS = 0x2b6cb0;
    private static final int OTHERS = 0xa0aec0;

    /** A bar where it has a width, and a text where it has one. */
    private record Mark(int x, int y, int width, int color, String text, int size, boolean bold) {}

    private final List<Mark> marks = new ArrayList<>();
    private final int height;

    private Chart(String title, String machine, List<Figure> figures) {
        int y = MARGIN + ROW;
        marks.add(new Mark(MARGIN, y, 0, INK, title, 16, true));
        y += ROW;
        marks.add(new Mark(MARGIN, y, 0, INK, machine, 11, false));
        String group = "";
        for (Figure figure : figures) {
            if (!figure.group().equals(group)) {
                group = figure.group();
                y += ROW + ROW / 2;
                marks.add(new Mark(MARGIN, y, 0, INK, group + " (" + figure.unit() + ", logarithmic)", 13, true));
            }
            y += ROW;
            boolean ours = figure.who().startsWith("Intaglio");
            int length = length(figure, figures);
            marks.add(new Mark(MARGIN, y, 0, INK, figure.who(), 12, ours));
            marks.add(new Mark(LABELS, y, length, ours ? OURS : OTHERS, "", 0, false));
            String value = String.format(Locale.ROOT, "%.2f %s", figure.value(), figure.unit());
            marks.add(new Mark(LABELS + length + 6, y, 0, INK, value, 12, ours));
        }
        height = y + MARGIN;
    }

    /** Writes a file whose name ends in {@code .svg}, or in {@code .png}. */
    static void write(String title, Machine machine, List<Figure> figures, Path file) throws IOException {
        Chart chart = new Chart(title, machine.toString(), figures);
        if (file.toString().endsWith(".svg")) {
            Files.writeString(file, chart.svg());
        } else {
            System.setProperty("java.awt.headless", "true");
            ImageIO.write(chart.image(), "png", file.toFile());
        }
    }

    /** From the power of ten below the least of the group, which is a tenth of the width, to the greatest. */
    private static int length(Figure figure, List<Figure> all) {
        double least = Double.MAX_VALUE;
        double most = Double.MIN_VALUE;
        for (Figure other : all) {
            if (other.group().equals(figure.group()) && other.value() > 0) {
                least = Math.min(least, other.value());
                most = Math.max(most, other.value());
            }
        }
        if (figure.value() <= 0) {
            return 1;
        }
        double from = Math.floor(Math.log10(least)) - 0.2;
        double share = (Math.log10(figure.value()) - from) / (Math.log10(most) - from);
        return (int) Math.max(1, Math.round(BARS * share));
    }

    private String svg() {
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#%06x\"/>%n",
                WIDTH,
                height,
                BACKGROUND));
        for (Mark mark : marks) {
            svg.append(
                    mark.width() > 0
                            ? String.format(
                                    Locale.ROOT,
                                    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>%n",
                                    mark.x(),
                                    mark.y() - ROW + 7,
                                    mark.width(),
                                    ROW - 6,
                                    mark.color())
                            : String.format(
                                    Locale.ROOT,
                                    "<text x=\"%d\" y=\"%d\" font-size=\"%d\"%s fill=\"#%06x\">%s</text>%n",
                                    mark.x(),
                                    mark.y(),
                                    mark.size(),
                                    mark.bold() ? " font-weight=\"bold\"" : "",
                                    mark.color(),
                                    mark.text().replace("&", "&amp;").replace("<", "&lt;")));
        }
        return svg.append("</svg>\n").toString();
    }

    private BufferedImage image() {
        BufferedImage image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(new Color(BACKGROUND));
        graphics.fillRect(0, 0, WIDTH, height);
        for (Mark mark : marks) {
            graphics.setColor(new Color(mark.color()));
            if (mark.width() > 0) {
                graphics.fillRect(mark.x(), mark.y() - ROW + 7, mark.width(), ROW - 6);
            } else {
                graphics.setFont(new Font(Font.SANS_SERIF, mark.bold() ? Font.BOLD : Font.PLAIN, mark.size()));
                graphics.drawString(mark.text(), mark.x(), mark.y());
            }
        }
        graphics.dispose();
        return image;
    }
}
