/**
 * Quizzes of an exported course: drawn, shown and marked in the browser.
 *
 * The answers lie in the package, open to anyone who looks: it is for practice, and for
 * systems whose administrators know that.
 */
(function () {
  'use strict';

  var course, words, keeper;

  function make(name, style, text) {
    var element = document.createElement(name);
    if (style) element.className = style;
    if (text) element.textContent = text;
    return element;
  }

  function shuffled(list) {
    var copy = list.slice();
    for (var last = copy.length - 1; last > 0; last -= 1) {
      var other = Math.floor(Math.random() * (last + 1));
      var held = copy[last];
      copy[last] = copy[other];
      copy[other] = held;
    }
    return copy;
  }

  /** Draw each section's number of questions, none of them twice. */
  function draw(quiz) {
    var left = shuffled(quiz.questions);
    var drawn = [];
    quiz.sections.forEach(function (section) {
      var own = left.filter(function (question) { return question.category === section.category; });
      own = own.slice(0, section.draw);
      left = left.filter(function (question) { return own.indexOf(question) < 0; });
      drawn = drawn.concat(own);
    });
    return drawn.length ? drawn : quiz.questions;
  }

  /** Small letters without diacritics and extra spaces, as the answers were written. */
  function fold(text) {
    return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase()
      .replace(/đ/g, 'd').trim().replace(/\s+/g, ' ');
  }

  // --- each type: how it is asked, and what an answer is worth

  function choices(box, texts, name, type) {
    shuffled(texts.map(function (text, index) { return index; })).forEach(function (index) {
      var label = make('label', 'choice');
      var input = make('input');
      input.type = type;
      input.name = name;
      input.value = index;
      label.append(input, make('span', '', texts[index]));
      box.append(label);
    });
  }

  function chosen(box) {
    return Array.from(box.querySelectorAll('input:checked')).map(function (input) {
      return Number(input.value);
    });
  }

  function optionTexts(question) {
    return question.options.map(function (option) { return option.text; });
  }

  function shareOfOptions(question, picked) {
    var right = question.options.filter(function (option) { return option.correct; }).length;
    var points = picked.reduce(function (sum, index) {
      return sum + (question.options[index].correct ? 1 : -1);
    }, 0);
    return Math.max(0, points / right);
  }

  var types = {
    single_choice: {
      ask: function (box, question, name) { choices(box, optionTexts(question), name, 'radio'); },
      mark: function (box, question) { return shareOfOptions(question, chosen(box)); },
    },
    multiple_choice: {
      ask: function (box, question, name) { choices(box, optionTexts(question), name, 'checkbox'); },
      mark: function (box, question) { return shareOfOptions(question, chosen(box)); },
    },
    true_false: {
      ask: function (box, question, name) {
        [words.right_statement, words.wrong_statement].forEach(function (text, index) {
          var label = make('label', 'choice');
          var input = make('input');
          input.type = 'radio';
          input.name = name;
          input.value = index;
          label.append(input, make('span', '', text));
          box.append(label);
        });
      },
      mark: function (box, question) { return chosen(box)[0] === (question.answer ? 0 : 1) ? 1 : 0; },
    },
    short_answer: {
      ask: function (box, question, name) {
        var input = make('input');
        input.type = 'text';
        input.name = name;
        input.autocomplete = 'off';
        input.setAttribute('aria-label', words.your_answer);
        box.append(input);
      },
      mark: function (box, question) {
        var given = fold(box.querySelector('input').value);
        return question.answers.some(function (answer) { return fold(answer) === given; }) ? 1 : 0;
      },
    },
    matching: {
      ask: function (box, question) {
        var rights = question.pairs.map(function (pair) { return pair.right; });
        var all = rights.concat(question.extra || []).filter(function (text, index, list) {
          return list.indexOf(text) === index;
        });
        all = shuffled(all);
        question.pairs.forEach(function (pair) {
          var label = make('label', 'pair', pair.left);
          var select = make('select');
          select.append(make('option', '', words.choose));
          select.firstChild.value = '';
          all.forEach(function (text) { select.append(make('option', '', text)); });
          label.append(select);
          box.append(label);
        });
      },
      mark: function (box, question) {
        var given = Array.from(box.querySelectorAll('select'));
        var hits = question.pairs.filter(function (pair, index) { return given[index].value === pair.right; });
        return hits.length / question.pairs.length;
      },
    },
  };

  // --- one quiz

  function offer(index, place) {
    var quiz = course.lessons[index].quiz;
    var result = keeper.result(index);
    var left = quiz.attempts - result.attempts;
    place.textContent = '';
    if (result.attempts) {
      var text = result.best >= quiz.pass_mark ? words.passed : words.not_passed;
      place.append(make('p', 'result', keeper.fill(text, { best: result.best, mark: quiz.pass_mark })));
    } else {
      place.append(make('p', '', keeper.fill(words.before_quiz, { mark: quiz.pass_mark })));
    }
    if (left <= 0) {
      place.append(make('p', '', words.no_attempts));
      return;
    }
    place.append(make('p', '', keeper.fill(words.attempts_left, { left: left })));
    var start = make('button', 'main', words.begin_quiz);
    start.type = 'button';
    start.addEventListener('click', function () { ask(index, place); });
    place.append(start);
  }

  function ask(index, place) {
    var questions = draw(course.lessons[index].quiz);
    var form = make('form');
    place.textContent = '';
    form.noValidate = true;
    var boxes = questions.map(function (question, number) {
      var box = make('fieldset');
      box.append(make('legend', '', keeper.fill(words.question, { number: number + 1, all: questions.length })));
      box.append(make('p', 'stem', question.stem));
      types[question.type].ask(box, question, 'q' + index + '-' + number);
      form.append(box);
      return box;
    });
    var hand = make('button', 'main', words.hand_in);
    hand.type = 'submit';
    form.append(hand);
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      hand.remove();
      mark(index, place, questions, boxes);
    });
    place.append(form);
    boxes[0].tabIndex = -1;
    boxes[0].focus();
  }

  function mark(index, place, questions, boxes) {
    var points = 0;
    questions.forEach(function (question, number) {
      var box = boxes[number];
      var share = types[question.type].mark(box, question);
      points += share;
      var isRight = share === 1;
      box.append(make('p', 'verdict ' + (isRight ? 'right' : 'wrong'), isRight ? words.right : words.wrong));
      if (question.feedback) box.append(make('p', '', question.feedback));
      box.disabled = true;
    });
    keeper.handedIn(index, points / questions.length);
    var result = make('div');
    offer(index, result);
    result.tabIndex = -1;
    result.setAttribute('role', 'status');
    place.prepend(result);
    result.focus();
  }

  window.COURSE_QUIZ = {
    prepare: function (theCourse, theKeeper) {
      course = theCourse;
      words = course.words;
      keeper = theKeeper;
    },
    start: function () {
      course.lessons.forEach(function (lesson, index) {
        if (lesson.quiz) offer(index, document.getElementById('quiz-' + lesson.key));
      });
    },
  };
})();
