/** The letters that not everybody meets: Korean, in parts that are read only where they stand on screen, and those of code. */
import "@fontsource-variable/jetbrains-mono/index.css";
import "pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css";
