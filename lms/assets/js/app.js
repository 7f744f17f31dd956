// On every page. Each part stands alone and does nothing where its attribute is absent;
// without any of them the page still reads, answers and reports.
import { closeMenus } from './page/menus.js';
import { confirmFirst, focusErrors, submitOnce, submitOnChange } from './page/forms.js';
import { copyText, dismissMessages, printPage } from './page/comforts.js';
import { quickExit } from './page/quick-exit.js';
import { keepTableRoles } from './page/tables.js';
import { forgetAtSignOut } from './page/sign-out.js';

document.documentElement.classList.add('js');
quickExit();
confirmFirst();
submitOnce();
submitOnChange();
focusErrors();
closeMenus();
dismissMessages();
copyText();
printPage();
keepTableRoles();
forgetAtSignOut();
