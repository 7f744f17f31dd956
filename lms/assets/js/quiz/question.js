const FLAG = '[data-flag-input]';

/** The named inputs of one question, as a form would send them. */
export function answerOf(question) {
  const answer = new URLSearchParams();
  for (const input of question.querySelectorAll('input[name], select[name], textarea[name]')) {
    if (input.disabled || (isToggle(input) && !input.checked)) continue;
    answer.append(input.name, input.value);
  }
  return answer;
}

export function isAnswered(question) {
  const inputs = [...question.querySelectorAll('input[name], select[name], textarea[name]')]
    .filter((input) => !input.matches(`${FLAG}, [type="hidden"]`));
  const toggles = inputs.filter(isToggle);
  if (toggles.length) return toggles.some((input) => input.checked);
  return inputs.length > 0 && inputs.every((input) => input.value.trim() !== '');
}

export function isFlagged(question) {
  return question.querySelector(FLAG)?.checked ?? false;
}

function isToggle(input) {
  return input.type === 'radio' || input.type === 'checkbox';
}
