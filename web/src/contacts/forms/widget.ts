// What websites load that show a form of ours: the work that proves a visitor no robot, and its words.
import "altcha";
import "altcha/i18n/ru";
